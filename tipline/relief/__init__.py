"""扶危救助 Relief: the rescue fund's advances and judicial assistance, as far as the traffic police know of them."""
