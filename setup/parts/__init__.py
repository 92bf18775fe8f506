"""The parts behind setup/run, setup/test, setup/odoo, setup/bench and setup/check.

Standard library only, Python 3.11+, since they run before anything is installed. The one exception is
``sink.py``, which runs inside the managed virtual environment.
"""
