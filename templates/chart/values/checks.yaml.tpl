{{- /* Of the deepest paths Helm renders the last one first, so that what values say of each other is refused here. */}}
{{- $_ := include "sluice.release" . }}
