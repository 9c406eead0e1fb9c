{{/*
The matches of `forms`, which is an application or a version at `place`, as a JSON list. Of Istio's form and the Gateway API's, the
one that is the release's own counts where both are given.
*/}}
{{- define "sluice.matches" -}}
{{- $release := .release }}
{{- $istio := .forms.match | default list }}
{{- $gateway := .forms.matches | default list }}
{{- if and $istio $gateway }}
{{- if and (eq $release.environment "emissary") (or (eq .place "application") (eq $release.strategy "canary")) }}
{{- fail (printf "%s.match stands beside matches, and one of the two would be ignored: keep one of them" .place) }}
{{- end }}
{{- if eq $release.matchForm "match" }}
{{- $gateway = list }}
{{- else }}
{{- $istio = list }}
{{- end }}
{{- end }}
{{- $matches := list }}
{{- range $position, $match := $istio }}
{{- $resolved := include "sluice.match.istio" $match | fromJson }}
{{- if eq $release.matchForm "matches" }}
{{- $_ := set $resolved "headers" (include "sluice.named.regex" $resolved.headers | fromJsonArray) }}
{{- $_ := set $resolved "query" (include "sluice.named.regex" $resolved.query | fromJsonArray) }}
{{- end }}
{{- $matches = append $matches (set $resolved "place" (printf "%s.match[%d]" $.place $position)) }}
{{- end }}
{{- range $position, $match := $gateway }}
{{- $resolved := include "sluice.match.gateway" $match | fromJson }}
{{- $_ := set $resolved "place" (printf "%s.matches[%d]" $.place $position) }}
{{- if $release.comparesText }}
{{- $matches = concat $matches (include "sluice.textMatches" (dict "match" $resolved "prefix" "") | fromJsonArray) }}
{{- else }}
{{- $matches = append $matches $resolved }}
{{- end }}
{{- end }}
{{- toJson $matches }}
{{- end }}

{{/*
A match whose path prefix goes by whole elements, as a JSON list of those that compare text: /a alone, and what is below
/a/. A match without a path is one of `prefix`, unless that is empty or /.
*/}}
{{- define "sluice.textMatches" -}}
{{- $path := .match.path | default dict }}
{{- $element := "" }}
{{- if not .match.path }}
{{- $element = .prefix }}
{{- else if and .match.elements (eq ($path.kind | default "") "prefix") }}
{{- $element = $path.value | default "" }}
{{- end }}
{{- if has $element (list "" "/") }}
{{- list .match | toJson }}
{{- else }}
{{- $bare := trimSuffix "/" $element }}
{{- $at := merge (dict "path" (dict "kind" "exact" "value" $bare)) .match }}
{{- list $at (merge (dict "path" (dict "kind" "prefix" "value" (printf "%s/" $bare))) .match) | toJson }}
{{- end }}
{{- end }}

{{/* A match in Istio's form; what only Istio can express is kept as it is. */}}
{{- define "sluice.match.istio" -}}
{{- $path := dict }}
{{- if .uri }}
{{- $path = include "sluice.comparison" .uri | fromJson }}
{{- end }}
{{- dict
  "headers" (include "sluice.named.istio" .headers | fromJsonArray)
  "query" (include "sluice.named.istio" .queryParams | fromJsonArray)
  "path" $path
  "call" (include "sluice.call" $path | fromJson)
  "method" (.method | default dict).exact
  "istio" (omit . "headers" "queryParams" "uri" "method")
| toJson }}
{{- end }}

{{/* Headers or query parameters in Istio's form, as a JSON list. */}}
{{- define "sluice.named.istio" -}}
{{- $named := list }}
{{- range $name, $comparison := . }}
{{- $named = append $named (dict "name" $name "match" (include "sluice.comparison" $comparison | fromJson)) }}
{{- end }}
{{- toJson $named }}
{{- end }}

{{/* Headers or query parameters for a route that has no comparison by prefix, as a JSON list; an empty one stays. */}}
{{- define "sluice.named.regex" -}}
{{- $all := list }}
{{- range $named := . }}
{{- if and (eq $named.match.kind "prefix") $named.match.value }}
{{- $regex := printf "%s.*" (regexQuoteMeta $named.match.value) }}
{{- $named = dict "name" $named.name "match" (dict "kind" "regex" "value" $regex) }}
{{- end }}
{{- $all = append $all $named }}
{{- end }}
{{- toJson $all }}
{{- end }}

{{/* `exact`, `prefix` or `regex` with its value; an empty object asks only whether anything is there. */}}
{{- define "sluice.comparison" -}}
{{- range $kind, $value := . }}
{{- dict "kind" $kind "value" $value | toJson }}
{{- else }}
{{- dict "kind" "regex" "value" ".*" "presence" true | toJson }}
{{- end }}
{{- end }}

{{/* The calls of gRPC that a path means as whole names: a service, and a method where the path is exact. */}}
{{- define "sluice.call" -}}
{{- $service := "[A-Za-z_][0-9A-Za-z_]*([.][A-Za-z_][0-9A-Za-z_]*)*" }}
{{- $parts := splitList "/" (.value | default "") }}
{{- if and (eq (.kind | default "") "exact") (regexMatch (printf "^/%s/[A-Za-z_][0-9A-Za-z_]*$" $service) .value) }}
{{- dict "service" (index $parts 1) "method" (index $parts 2) | toJson }}
{{- else if and (eq (.kind | default "") "prefix") (regexMatch (printf "^/%s/?$" $service) .value) }}
{{- dict "service" (index $parts 1) | toJson }}
{{- else }}
{{- "{}" }}
{{- end }}
{{- end }}

{{/* A match in the Gateway API's form. */}}
{{- define "sluice.match.gateway" -}}
{{- $path := dict }}
{{- if .path }}
{{- $kinds := dict "Exact" "exact" "PathPrefix" "prefix" "RegularExpression" "regex" }}
{{- $path = dict "kind" (get $kinds (.path.type | default "PathPrefix")) "value" (.path.value | default "/") }}
{{- end }}
{{- $call := include "sluice.call" $path | fromJson }}
{{- dict
  "headers" (include "sluice.named.gateway" .headers | fromJsonArray)
  "query" (include "sluice.named.gateway" .queryParams | fromJsonArray)
  "path" $path
  "call" $call
  "method" .method
  "elements" true
| toJson }}
{{- end }}

{{/* Headers or query parameters in the Gateway API's form, as a JSON list. */}}
{{- define "sluice.named.gateway" -}}
{{- $named := list }}
{{- range . }}
{{- $kind := ternary "regex" "exact" (eq .type "RegularExpression") }}
{{- $named = append $named (dict "name" .name "match" (dict "kind" $kind "value" .value)) }}
{{- end }}
{{- toJson $named }}
{{- end }}
