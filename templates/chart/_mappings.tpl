{{/*
What Emissary has a Mapping for, as a JSON list: every match, host and version of every rule. A match that a rule
repeats counts once, and a path prefix by whole elements becomes two, since Emissary compares text; so does that of the
release.
*/}}
{{- define "sluice.mappings" -}}
{{- $release := . }}
{{- $mappings := list }}
{{- $everything := include "sluice.mappingMatch" (dict "match" dict "prefix" $release.prefix) }}
{{- range $rule := .rules }}
{{- $entrances := list }}
{{- range $match := $rule.matches | default (list dict) }}
{{- range $text := include "sluice.textMatches" (dict "match" $match "prefix" $release.prefix) | fromJsonArray }}
{{- $context := dict "match" $text "prefix" $release.prefix }}
{{- $entrances = append $entrances (include "sluice.mappingMatch" $context) | uniq }}
{{- end }}
{{- end }}
{{- range $entrance := $entrances }}
{{- $open := eq $entrance $everything }}
{{- range $host := $release.hosts | default (list "*") }}
{{- $alone := eq (len $rule.backends) 1 }}
{{- range $backend := $rule.backends }}
{{- $branch := dict "version" $backend.version "shadow" false "alone" $alone "host" $host "open" $open }}
{{- if and (or $rule.weighted (not $alone)) (ne $backend.version.name $release.primary.name) }}
{{- $_ := set $branch "weight" $backend.share }}
{{- end }}
{{- $mappings = append $mappings (include "sluice.mapping" (dict "release" $release "entrance" $entrance "branch" $branch) | fromJson) }}
{{- end }}
{{- range $mirror := $rule.mirrors }}
{{- $branch := dict "version" $mirror.version "shadow" true "alone" false "host" $host "open" $open "weight" $mirror.percent }}
{{- $mappings = append $mappings (include "sluice.mapping" (dict "release" $release "entrance" $entrance "branch" $branch) | fromJson) }}
{{- end }}
{{- end }}
{{- end }}
{{- end }}
{{- toJson $mappings }}
{{- end }}

{{/* What is matched, and what it sends where, with the name of both. */}}
{{- define "sluice.mapping" -}}
{{- $mapping := merge (dict) .branch (fromJson .entrance) }}
{{- $identity := list (ternary "shadow" "" $mapping.shadow) $mapping.host }}
{{- if not $mapping.open }}
{{- $identity = concat $identity (include "sluice.mappingConditions" $mapping | fromJsonArray) }}
{{- end }}
{{- $plain := and $mapping.open (not $mapping.shadow) (eq $mapping.host "*") }}
{{- $name := include "sluice.objectName" (dict "parts" (list .release.name $mapping.version.name) "identity" $identity "plain" $plain) }}
{{- set $mapping "name" $name | toJson }}
{{- end }}

{{/* The conditions of a mapping as texts, the same for equal ones. */}}
{{- define "sluice.mappingConditions" -}}
{{- $conditions := list (printf "%s %s" .path.kind .path.value) }}
{{- if .method }}
{{- $conditions = append $conditions (printf "method %s" .method) }}
{{- end }}
{{- range $what, $named := dict "header" .headers "query" .query }}
{{- range $name, $value := $named.exact }}
{{- $conditions = append $conditions (printf "%s %s=%s" $what $name $value) }}
{{- end }}
{{- range $name, $value := $named.regex }}
{{- $conditions = append $conditions (printf "%s %s~%s" $what $name $value) }}
{{- end }}
{{- end }}
{{- sortAlpha $conditions | toJson }}
{{- end }}

{{/* A match of a release that is served below `prefix`; the backend sees the path without it. */}}
{{- define "sluice.mappingMatch" -}}
{{- $path := dict "kind" "prefix" "value" .prefix }}
{{- $rewrite := "/" }}
{{- if .match.path }}
{{- $path = dict "kind" (.match.path.kind | default "regex") "value" (.match.path.value | default "") }}
{{- $rewrite = ternary "" (printf "/%s" (trimPrefix (trimSuffix "/" .prefix) $path.value | trimPrefix "/")) (eq $path.kind "regex") }}
{{- end }}
{{- dict
  "path" $path
  "rewrite" $rewrite
  "method" .match.method
  "headers" (include "sluice.namedTexts" .match.headers | fromJson)
  "query" (include "sluice.namedTexts" .match.query | fromJson)
| toJson }}
{{- end }}

{{/* A Mapping has no comparison by prefix, so it becomes a regular expression. */}}
{{- define "sluice.namedTexts" -}}
{{- $texts := dict "exact" dict "regex" dict }}
{{- range $named := . }}
{{- $value := $named.match.value | default "" }}
{{- if eq ($named.match.kind | default "") "exact" }}
{{- $_ := set $texts.exact $named.name $value }}
{{- else if eq ($named.match.kind | default "") "prefix" }}
{{- $_ := set $texts.regex $named.name (printf "%s.*" (regexQuoteMeta $value)) }}
{{- else }}
{{- $_ := set $texts.regex $named.name (ternary $value ".*" (hasKey $named.match "kind")) }}
{{- end }}
{{- end }}
{{- toJson $texts }}
{{- end }}
