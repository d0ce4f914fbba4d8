"""二次验证: what an officer shows beside the password: a code, a passkey, or a recovery code."""
