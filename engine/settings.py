"""The ground every setting stands on: frozen values that refuse unknown names, loose types and NaN."""

from pydantic import BaseModel, ConfigDict


class Settings(BaseModel):
    """A frozen group of settings. A number in quotes, `true` for 1, NaN and unknown names are refused."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, allow_inf_nan=False)
