"""Ground floor: what the doors of every chapter share: problem details, paging, strict JSON, downloads."""
