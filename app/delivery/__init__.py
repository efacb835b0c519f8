"""Files of a result that are made and mailed by themselves when a wave closes: which, to whom, behind which links."""
