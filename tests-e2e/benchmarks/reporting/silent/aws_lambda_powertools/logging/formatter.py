"""In place of Powertools' formatter, which the one of service_kit extends."""

from aws_lambda_powertools import _Silent


class LambdaPowertoolsFormatter(_Silent):
    """A formatter that keeps no keys."""
