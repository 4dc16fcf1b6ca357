"""The window: widgets that are told what happens and report what the user wants.

It shows numbers, arrays and text. It never holds a tensor and never loads torch.
"""
