{{/*
A name for one of several objects, of at most 63 characters: its `parts`, cut and with a hash of them and of `identity`
where they do not suffice or are not `plain`.
*/}}
{{- define "sluice.objectName" -}}
{{- $base := join "--" .parts }}
{{- if and .plain (le (len $base) 63) (eq (len (splitList "--" $base)) (len .parts)) }}
{{- $base }}
{{- else }}
{{- $hash := concat .parts (.identity | default list) | join "\n" | sha256sum | trunc 8 }}
{{- printf "%s-%s" (regexReplaceAll "-+$" (trunc 54 $base) "") $hash }}
{{- end }}
{{- end }}
