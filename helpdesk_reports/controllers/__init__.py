from . import report_preview
