"""在场警报 Alarms: a vehicle that is there now is told to the desk at once, and to the next until someone answers."""
