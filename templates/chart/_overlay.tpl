{{/*
The `base` object with the `overlays` merged over it, as Kubernetes' strategic merge does: maps by key, the lists that
have a merge key item by item, other lists replaced, `null` removes. As JSON.
*/}}
{{- define "sluice.overlaid" -}}
{{- $object := .base }}
{{- $keys := (include "sluice.names" . | fromJson).mergeKeys }}
{{- range $overlay := .overlays }}
{{- $object = include "sluice.merged" (dict "base" $object "patch" $overlay "keys" $keys) | fromJson }}
{{- end }}
{{- /* As in what is generated, no empty ones of the object itself. */}}
{{- range $key := list "labels" "annotations" }}
{{- if and (hasKey ($object.metadata | default dict) $key) (empty (get $object.metadata $key)) }}
{{- $_ := unset $object.metadata $key }}
{{- end }}
{{- end }}
{{- toJson $object }}
{{- end }}

{{/* The map `base` with `patch` over it. */}}
{{- define "sluice.merged" -}}
{{- $keys := .keys }}
{{- $merged := .base }}
{{- range $key, $value := .patch }}
{{- $old := get $merged $key }}
{{- if kindIs "invalid" $value }}
{{- $merged = omit $merged $key }}
{{- else if kindIs "map" $value }}
{{- $base := ternary $old dict (kindIs "map" $old) }}
{{- $_ := set $merged $key (include "sluice.merged" (dict "base" $base "patch" $value "keys" $keys) | fromJson) }}
{{- else if and (kindIs "slice" $value) (hasKey $keys $key) }}
{{- $base := ternary $old list (kindIs "slice" $old) }}
{{- $items := dict "base" $base "patch" $value "key" (get $keys $key) "keys" $keys }}
{{- $_ := set $merged $key (include "sluice.mergedItems" $items | fromJsonArray) }}
{{- else }}
{{- $_ := set $merged $key $value }}
{{- end }}
{{- end }}
{{- toJson $merged }}
{{- end }}

{{/* The list `base` with the items of `patch`, each over the one of the same `key` or at the end. */}}
{{- define "sluice.mergedItems" -}}
{{- $context := . }}
{{- $items := .base }}
{{- range $item := .patch }}
{{- $found := false }}
{{- $next := list }}
{{- range $other := $items }}
{{- $same := and (not $found) (kindIs "map" $other) (kindIs "map" $item) }}
{{- if $same }}
{{- $same = eq (get $other $context.key | toJson) (get $item $context.key | toJson) }}
{{- end }}
{{- if $same }}
{{- $found = true }}
{{- $other = include "sluice.merged" (dict "base" $other "patch" $item "keys" $context.keys) | fromJson }}
{{- end }}
{{- $next = append $next $other }}
{{- end }}
{{- if not $found }}
{{- if kindIs "map" $item }}
{{- $item = include "sluice.merged" (dict "base" dict "patch" $item "keys" $context.keys) | fromJson }}
{{- end }}
{{- $next = append $next $item }}
{{- end }}
{{- $items = $next }}
{{- end }}
{{- toJson $items }}
{{- end }}
