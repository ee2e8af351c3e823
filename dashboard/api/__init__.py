"""The HTTP interface: one module per noun, all of them functions of a picture and a scope."""
