"""Write the reference into docs/api.md after a change of the contract: ``cd helpdesk_api && python3 -m tools``."""
from pathlib import Path

from .reference import filled_in

PAGE = Path(__file__).parents[2] / 'docs' / 'api.md'
PAGE.write_text(filled_in(PAGE.read_text(encoding='utf-8')), encoding='utf-8')
