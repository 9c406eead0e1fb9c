{{/* Stops what the rules of a `release` ask for and its environment cannot do, as it would reach other versions. */}}
{{- define "sluice.checks.routes" -}}
{{- $release := . }}
{{- $raw := and (hasPrefix "kserve" .environment) (eq .deploymentMode "RawDeployment") }}
{{- $target := ternary "a Mapping" "" (eq .environment "emissary") }}
{{- if or $raw (eq .environment "gateway-api") }}
{{- $target = ternary "a GRPCRoute" "an HTTPRoute" (eq .primary.protocol "grpc") }}
{{- end }}
{{- if and .matches (has .strategy (list "none" "canary")) }}
{{- fail (printf "%s has no meaning with strategy %s: remove it, since a canary has its matches in versions[]" (first .matches).place .strategy) }}
{{- end }}
{{- range $rule := .rules }}
{{- range $match := $rule.matches }}
{{- if $match.place }}
{{- include "sluice.checks.match" (dict "match" $match "release" $release "target" $target) }}
{{- end }}
{{- end }}
{{- $sum := 0 }}
{{- range $mirror := $rule.mirrors }}
{{- $sum = add $sum (int64 $mirror.percent) }}
{{- end }}
{{- if and (gt $sum 100) (eq $release.workloads "InferenceService") (not $raw) }}
{{- fail (printf "application.versions copy %d of 100 requests together, but %s copies each at most once: lower the weights of the candidates to 100 together" $sum $release.environment) }}
{{- end }}
{{- if and (gt (len ($rule.mirrors | default list)) 1) (eq $release.environment "emissary") }}
{{- fail (printf "application.versions: %s is a second version with a mirror, and Emissary takes one: give all candidates but one routed: false" (last $rule.mirrors).version.name) }}
{{- end }}
{{- end }}
{{- if hasSuffix "Route" $target }}
{{- include "sluice.checks.protocols" (dict "release" . "key" "protocol") }}
{{- else if hasPrefix "kserve" .environment }}
{{- include "sluice.checks.protocols" (dict "release" . "key" "path") }}
{{- end }}
{{- end }}

{{/* Routed versions that speak another protocol than the primary; by the `key` path, those with a path speak HTTP. */}}
{{- define "sluice.checks.protocols" -}}
{{- $primary := .release.primary }}
{{- $kinds := dict }}
{{- range $version := .release.versions }}
{{- $_ := set $kinds $version.name $version.protocol }}
{{- if eq $.key "path" }}
{{- $_ := set $kinds $version.name (empty $version.model.predictionPath | ternary "grpc" "http") }}
{{- end }}
{{- end }}
{{- $expected := get $kinds $primary.name }}
{{- range $position, $version := .release.versions }}
{{- $kind := get $kinds $version.name }}
{{- if and $version.routed (ne $kind $expected) }}
{{- $key := ternary "appProtocol" "protocolVersion" (eq $.release.workloads "Deployment") }}
{{- fail (printf "application.versions[%d] speaks %s and the primary %s speaks %s, but a route is for one of them: give all versions one %s, or take this one out with routed: false" $position $kind $primary.name $expected $key) }}
{{- end }}
{{- end }}
{{- end }}

{{/* One match that somebody wrote; `target` is what has to express it, or empty where Istio does. */}}
{{- define "sluice.checks.match" -}}
{{- $match := .match }}
{{- $path := $match.path | default dict }}
{{- $value := $path.value | default "" }}
{{- $place := $match.place }}
{{- $refused := printf "%s cannot be a match of %s: " $place .release.environment }}
{{- $conditions := concat $match.headers $match.query (omit ($match.istio | default dict) "name" "statPrefix" | keys) }}
{{- $everywhere := and (eq ($path.kind | default "") "prefix") (eq (printf "%s/" (trimSuffix "/" $value)) .release.prefix) }}
{{- if not (or $conditions $match.method (and $path (not $everywhere) (ne $value ".*"))) }}
{{- fail (printf "%s fits every request: name a header, path, method or query parameter" $place) }}
{{- end }}
{{- include "sluice.checks.expressions" $match }}
{{- if and $value (has $path.kind (list "exact" "prefix")) (ne $value "*") (not (hasPrefix "/" $value)) }}
{{- fail (printf "%severy path starts with /, so none fits %q: put / before it" $refused $value) }}
{{- end }}
{{- if .target }}
{{- with $match.istio }}
{{- $keys := keys . | sortAlpha | join ", " }}
{{- fail (printf "%s%s has no %s: leave it out, and match by headers, queryParams, uri or method; or route by Istio" $refused $.target $keys) }}
{{- end }}
{{- end }}
{{- if hasSuffix "Route" .target }}
{{- range $named := concat $match.headers $match.query }}
{{- if not $named.match.value }}
{{- fail (printf "%s%s cannot match %s by an empty text: give the value, or the regular expression .* for any" $refused $.target $named.name) }}
{{- end }}
{{- end }}
{{- $text := and (eq ($path.kind | default "") "prefix") (not $match.elements) }}
{{- if eq .target "a GRPCRoute" }}
{{- if or $match.query $match.method }}
{{- fail (printf "%sa GRPCRoute knows no query parameters and no HTTP method: match a header, which a call has as its metadata" $refused) }}
{{- else if and $path (not $match.call) }}
{{- fail (printf "%sa GRPCRoute takes only the exact path /package.Service/Method or the prefix /package.Service/: write the full name" $refused) }}
{{- else if and $text (not (hasSuffix "/" $value)) }}
{{- fail (printf "%sas text, %s fits %s2 as well, and a GRPCRoute compares whole names: write uri: {prefix: %s/}" $refused $value $value $value) }}
{{- end }}
{{- else if and $text (ne $value "/") }}
{{- fail (printf "%sas text, uri.prefix %s fits other paths than an HTTPRoute, which compares whole elements: write matches: [{path: {type: PathPrefix, value: %s}}]" $refused $value (trimSuffix "/" $value)) }}
{{- end }}
{{- else if and .target $path (ne .release.prefix "/") }}
{{- $prefix := trimSuffix "/" .release.prefix }}
{{- $whole := or $match.elements (eq $path.kind "exact") }}
{{- if eq $path.kind "regex" }}
{{- fail (printf "%sapplication.prefix is %s, and a path by regular expression is never stripped of a prefix: match the path exactly or by prefix" $refused $prefix) }}
{{- else if not (or (hasPrefix .release.prefix $value) (and $whole (eq (trimSuffix "/" $value) $prefix))) }}
{{- fail (printf "%sits path %q does not lie below application.prefix, which is %s: give the whole path as clients send it, such as %sapi" $refused $value $prefix .release.prefix) }}
{{- end }}
{{- end }}
{{- end }}

{{/* Regular expressions that RE2 does not take: behind a bar, every other one fits the empty text. */}}
{{- define "sluice.checks.expressions" -}}
{{- $place := .place }}
{{- $compared := dict "path" .path }}
{{- range $named := concat .headers .query }}
{{- $_ := set $compared $named.name $named.match }}
{{- end }}
{{- with .istio }}
{{- range $key, $comparison := merge (pick . "scheme" "authority") (.withoutHeaders | default dict) }}
{{- $_ := set $compared (printf "%s of Istio" $key) (dict "kind" "regex" "value" $comparison.regex) }}
{{- end }}
{{- end }}
{{- range $name, $comparison := $compared }}
{{- if and $comparison (eq ($comparison.kind | default "") "regex") }}
{{- if not (regexMatch (printf "|%s" ($comparison.value | default "")) "") }}
{{- fail (printf "%s compares %s with %s, which is no regular expression of RE2: it knows groups, classes, repetitions and flags such as (?i), but no look-around and no backreference" $place $name ($comparison.value | toJson)) }}
{{- end }}
{{- end }}
{{- end }}
{{- end }}
