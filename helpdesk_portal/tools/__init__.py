from . import contrast, form_pass, origins, typed, upload
