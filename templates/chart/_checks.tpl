{{/*
Stops what a schema cannot see: what values say of each other, and the name that Helm gives. From a `release` and its
`application`; prints nothing.
*/}}
{{- define "sluice.checks" -}}
{{- $release := .release }}
{{- $application := .application }}
{{- if or (gt (len $release.name) 63) (not (regexMatch "^[a-z]([-a-z0-9]*[a-z0-9])?$" $release.name)) }}
{{- fail (printf "the release cannot be called %q: install it under a name of a-z, 0-9 and -, of at most 63 characters, that starts with a letter, or set application.metadata.name" $release.name) }}
{{- end }}
{{- $positions := dict }}
{{- range $position, $version := $release.versions }}
{{- $key := printf "application.versions[%d]" $position }}
{{- if hasKey $positions $version.name }}
{{- fail (printf "%s.metadata.name is %q again, the name of versions[%d]: give every version a name of its own" $key $version.name (int (get $positions $version.name))) }}
{{- end }}
{{- if gt (len $version.name) 63 }}
{{- fail (printf "%s.metadata.name would be %q, longer than 63 characters: give the version a shorter name" $key $version.name) }}
{{- end }}
{{- $_ := set $positions $version.name $position }}
{{- if and (eq $release.strategy "mirrored") (gt (int64 (index $application.versions $position).weight) 100) }}
{{- fail (printf "%s.weight is %d, but in mirrored the weight is a percent: give 0 to 100" $key (int64 $version.weight)) }}
{{- end }}
{{- end }}
{{- $names := list }}
{{- range $version := $release.versions }}
{{- $names = append $names $version.name }}
{{- end }}
{{- $primary := $application.primary | default (first $names) }}
{{- if not (has $primary $names) }}
{{- fail (printf "application.primary is %q, which no version is called: name one of %s" $primary (join ", " $names)) }}
{{- end }}
{{- if not $release.primary.routed }}
{{- fail (printf "application.versions[%d].routed is false, but this version is the primary, which answers what no rule sends elsewhere: name another version in application.primary first" (int (get $positions $primary))) }}
{{- end }}
{{- end }}
