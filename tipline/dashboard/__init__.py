"""指挥看板 Dashboard: figures, each opening its list. Read only."""
