"""What can be done with tasks, and the ports to what that needs. It imports the domain alone."""
