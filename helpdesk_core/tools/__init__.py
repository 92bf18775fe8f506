from . import duration
from . import search_words
from . import subject
