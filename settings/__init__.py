"""What a stack may say: one model a section, and everything that contradicts itself refused before anything is registered."""

from settings.reading.load import load, load_file
from settings.reading.problem import Problem, SettingsError
from settings.sections.stack import StackSettings

__all__ = ["Problem", "SettingsError", "StackSettings", "load", "load_file"]
