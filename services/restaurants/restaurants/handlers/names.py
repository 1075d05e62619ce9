"""What callers may call things. What is stored has passed here, and is not asked again when it is read."""

from typing import Annotated

from pydantic import StringConstraints

from service_kit.names import PATH_SEGMENT, VISIBLE_TEXT

Theme = Annotated[str, StringConstraints(min_length=1, max_length=60), VISIBLE_TEXT]
RestaurantName = Annotated[str, StringConstraints(min_length=1, max_length=100), VISIBLE_TEXT, PATH_SEGMENT]
ImagePath = Annotated[str, StringConstraints(pattern=r"^assets/images/[a-z0-9-]{1,60}\.svg$")]
