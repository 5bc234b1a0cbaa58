"""The words of the field as pages say them: states, steps, kinds; and the sentences of refusals, joined by `errors`."""
