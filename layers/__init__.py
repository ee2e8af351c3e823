"""What is where: geometry and identity. No clock, no readings, no colours."""
