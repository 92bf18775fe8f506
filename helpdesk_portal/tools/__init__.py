from . import contrast, form_pass, origins, upload
