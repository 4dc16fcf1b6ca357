"""Tables: files of the user's own, what comes with the studio, the GAN for them and their scores, offered."""

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Literal

from ganstudio.api import (
    Architecture,
    DataSource,
    File,
    InputError,
    Metric,
    RawTable,
    Report,
    TableSource,
    hookimpl,
)
from ganstudio_plugins.table_files import is_parquet, read_csv, read_parquet
from ganstudio_plugins.table_generated import LoanTable
from ganstudio_plugins.table_metrics import LearnedFromSamples, TableMarginals
from ganstudio_plugins.tabular_gan import TabularGAN

_MARKS = {"comma": ",", "semicolon": ";", "tab": "\t", "bar": "|"}


class TableFile(TableSource):
    """A table of your own: a CSV file, or Parquet; types of columns are found out and can be changed."""

    title = "Table in a file"

    class Settings(TableSource.Settings):
        """The file, and how it is written."""

        file: Annotated[Path | None, File, "The .csv, .txt, .tsv or .parquet file with the table"] = None
        delimiter: Annotated[
            Literal["find out", "comma", "semicolon", "tab", "bar"], "What stands between cells of text"
        ] = "find out"

    settings: "TableFile.Settings"

    def read(self, report: Report) -> RawTable:
        """Read the file; raises ``InputError`` where there is none, or it is no table."""
        path = self._file()
        report(f"Reading {path.name}", None)
        try:
            if is_parquet(path):
                return read_parquet(path, report)
        except OSError as error:
            raise InputError(f"{path} cannot be read: {error.strerror or error}.") from error
        return read_csv(path, _MARKS.get(self.settings.delimiter, ""), report)

    def _file(self) -> Path:
        path = self.settings.file
        if path is None:
            raise InputError("No file is chosen. Set File to the one that holds your table.")
        path = path.expanduser().absolute()
        if not path.is_file():
            what = "is a folder" if path.is_dir() else "does not exist"
            raise InputError(f"{path} {what}. Set File to the one that holds your table.")
        return path


@hookimpl
def ganstudio_architectures() -> Sequence[type[Architecture]]:
    """Offer the GAN for tables."""
    return [TabularGAN]


@hookimpl
def ganstudio_data_sources() -> Sequence[type[DataSource]]:
    """Offer the table that is made up, and files."""
    return [LoanTable, TableFile]


@hookimpl
def ganstudio_metrics() -> Sequence[type[Metric]]:
    """Offer the scores of tables."""
    return [TableMarginals, LearnedFromSamples]
