"""Background: checkpoints written on a thread of their own while the training goes on.

It knows nothing of how one is written.
"""

import threading
from collections import deque
from collections.abc import Callable

from ganstudio.api.errors import StudioError
from ganstudio.api.events import CheckpointReady, CheckpointSaved, Warned, lasting_reasons
from ganstudio.runs.refusals import DiskError

Outcome = CheckpointSaved | Warned | CheckpointReady


class BackgroundWriter:
    """One thread, while there is something to write; what became of it waits to be asked for.

    A checkpoint that comes while another is being written waits; a newer one takes its place. One that the
    disk refuses comes back as it was submitted, to be written when the disk may take it.
    """

    def __init__(self, write: Callable[[CheckpointReady], CheckpointSaved]) -> None:
        self._write = write
        self._guard = threading.Lock()
        self._next: CheckpointReady | None = None
        self._busy = False
        self._thread: threading.Thread | None = None
        self._refused = threading.Event()
        self._done: deque[Outcome] = deque()

    def submit(self, event: CheckpointReady) -> None:
        """Write ``event`` soon; returns at once. Its state must not be changed any more.

        Where one waits that is to outlast newer ones, it is waited for: it must not be lost.
        """
        waiting = self._next
        if waiting is not None and lasting_reasons(waiting.reason) and self._thread is not None:
            self._thread.join()
        with self._guard:
            self._next = event
            if not self._busy:
                self._busy = True
                self._thread = threading.Thread(target=self._run, name="checkpoint writer")
                self._thread.start()

    def done(self, wait: bool = False) -> list[Outcome]:
        """Return what became of those written since the last call; ``wait``: until none is left to write.

        After one that came back nothing is being written.
        """
        if self._thread is not None and (wait or self._refused.is_set()):
            self._thread.join()
            self._refused.clear()
        outcomes = [self._done.popleft() for _ in range(len(self._done))]
        # One that came back is not worth its room once there is a newer one.
        return [each for each in outcomes if each is outcomes[-1] or not isinstance(each, CheckpointReady)]

    def _run(self) -> None:
        while (event := self._take()) is not None:
            self._done.append(self._outcome(event))
            # Its state is large, and is not held while there is nothing to do.
            del event

    def _take(self) -> CheckpointReady | None:
        with self._guard:
            event, self._next = self._next, None
            self._busy = event is not None
            return event

    def _outcome(self, event: CheckpointReady) -> Outcome:
        try:
            return self._write(event)
        except DiskError:
            self._refused.set()
            return event
        except Exception as error:
            return _lost(event, error)


def _lost(event: CheckpointReady, error: Exception) -> Warned:
    """Tell that a checkpoint is not kept: the training is worth more than this one, whatever it was."""
    reason = str(error) if isinstance(error, StudioError) else f"{type(error).__name__}: {error}"
    return Warned(
        event.step,
        f"The checkpoint of step {event.step} was not kept: {reason.rstrip('.')}. "
        "Training goes on, and the next one will be tried.",
    )
