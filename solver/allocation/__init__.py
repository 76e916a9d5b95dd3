"""Which lot serves which batch, through which hub."""
