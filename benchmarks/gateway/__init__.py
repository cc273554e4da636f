"""The local AppSync beside Amplify's simulator: requests, pushes, memory."""
