from . import duration
from . import subject
