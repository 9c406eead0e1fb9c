{{/*
Integers in proportion to `weights` that sum to `total`, by largest remainder; ties go to the earlier one, and a weight
of 0 gets 0. A JSON list.
*/}}
{{- define "sluice.shares" -}}
{{- $total := int64 .total }}
{{- $sum := 0 }}
{{- range .weights }}
{{- $sum = add $sum . }}
{{- end }}
{{- if le $sum 0 }}
{{- fail "application.versions have no weight above 0 among those that are routed: give at least one a weight, such as 100" }}
{{- end }}
{{- $shares := list }}
{{- $missing := $total }}
{{- range .weights }}
{{- $missing = sub $missing (div (mul $total .) $sum) }}
{{- end }}
{{- range $position, $weight := .weights }}
{{- $remainder := mod (mul $total $weight) $sum }}
{{- $before := 0 }}
{{- range $other, $otherWeight := $.weights }}
{{- $otherRemainder := mod (mul $total $otherWeight) $sum }}
{{- if or (gt $otherRemainder $remainder) (and (eq $otherRemainder $remainder) (lt $other $position)) }}
{{- $before = add $before 1 }}
{{- end }}
{{- end }}
{{- $shares = append $shares (add (div (mul $total $weight) $sum) (ternary 1 0 (lt $before $missing))) }}
{{- end }}
{{- toJson $shares }}
{{- end }}
