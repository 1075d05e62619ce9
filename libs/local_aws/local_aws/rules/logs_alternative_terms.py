"""In a filter pattern, one of the terms that begin with `?` is enough.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntax.html (match any term)
"""

import re
from collections.abc import Callable
from functools import wraps

from ministack.services import cloudwatch_logs

Matches = Callable[[str], bool]
_ALTERNATIVES = re.compile(r'(?:\?(?:"[^"]*"|[^\s"?]+)\s*)+')


def install() -> None:
    """Apply the rule to FilterLogEvents."""
    compile_pattern = cloudwatch_logs._compile_filter_pattern

    @wraps(compile_pattern)
    def compile_filter_pattern(pattern: str) -> Matches:
        if not _ALTERNATIVES.fullmatch(pattern.strip()):
            matches: Matches = compile_pattern(pattern)
            return matches
        terms = [quoted or plain for quoted, plain in re.findall(r'\?(?:"([^"]*)"|([^\s"?]+))', pattern)]
        return lambda message: any(term in message for term in terms)

    cloudwatch_logs._compile_filter_pattern = compile_filter_pattern
