from . import contrast, upload
