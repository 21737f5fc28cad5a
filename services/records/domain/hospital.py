"""The hospital as it names itself on its papers."""

from __future__ import annotations

HOSPITAL_ZH = "示范市人民医院"
HOSPITAL_EN = "Demonstration City People's Hospital"
STAMP_ZH = "病历复印专用章"
"""The proof stamp of copies (handbook 5.5)."""
