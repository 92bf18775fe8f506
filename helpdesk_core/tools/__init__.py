from . import duration
from . import recurrence
from . import search_words
from . import subject
from . import thanks
from . import thanks_words
