export const SHELLS = ["bash", "zsh", "fish"] as const;
export type Shell = (typeof SHELLS)[number];

/**
 * What a shell reads once. It knows no command: each time it asks the program that is being typed, which answers with a line for each
 * candidate, its description behind a tab, and with `:files` where the names of files are meant.
 */
export const SCRIPTS: Readonly<Record<Shell, string>> = {
  bash: `# Completion of ws for bash. In ~/.bashrc: source <(ws completion bash)
_ws_complete() {
  local -a words=()
  local left=\${COMP_LINE:0:COMP_POINT} word rest line value current ends found i
  # Bash cuts words at '=' and ':', where ws has one.
  for ((i = 0; i <= COMP_CWORD; i++)); do
    word=\${COMP_WORDS[i]}
    rest=\${left#"\${left%%[![:space:]]*}"}
    ((\${#word} > \${#rest})) && word=$rest
    if ((i > 0)) && [[ $rest == "$left" ]]; then
      words[\${#words[@]}-1]+=$word
    else
      words+=("$word")
    fi
    left=\${rest:\${#word}}
  done
  current=\${words[\${#words[@]}-1]}
  ends=$word
  [[ $ends == [=:] ]] && ends=
  found=$("\${COMP_WORDS[0]/#\\~/$HOME}" __complete -- "\${words[@]:1}" 2>/dev/null)
  COMPREPLY=()
  while IFS= read -r line; do
    [[ -z $line ]] && continue
    if [[ $line == :files ]]; then
      compopt -o default 2>/dev/null
      continue
    fi
    value=\${line%%$'\\t'*}
    [[ $value == "$current"* ]] || continue
    [[ $value == *[=:] ]] && compopt -o nospace 2>/dev/null
    printf -v value %q "\${value#"\${current%"$ends"}"}"
    COMPREPLY+=("$value")
  done <<<"$found"
}
complete -F _ws_complete ws
`,
  zsh: `#compdef ws
# Completion of ws for zsh. In ~/.zshrc, after compinit: source <(ws completion zsh)
_ws() {
  local -a values
  local line value
  for line in "\${(@f)$("\${(Q)words[1]/#\\~/$HOME}" __complete -- "\${(@Q)words[2,CURRENT]}" 2>/dev/null)}"; do
    [[ -z $line ]] && continue
    if [[ $line == :files ]]; then
      _files
      continue
    fi
    value=\${\${line%%$'\\t'*}//:/\\\\:}
    [[ $line == *$'\\t'* ]] && value+=:\${line#*$'\\t'}
    values+=("$value")
  done
  (($#values)) && _describe -t ws ws values
}
if [[ \${funcstack[1]} == _ws ]]; then
  _ws "$@"
else
  compdef _ws ws
fi
`,
  fish: `# Completion of ws for fish: ws completion fish > ~/.config/fish/completions/ws.fish
function __ws_complete
    set -l words (commandline -opc)
    set -l program (string replace -r '^~' $HOME -- $words[1])
    set -e words[1]
    set -l current (commandline -ct)
    for line in ($program __complete -- $words "$current" 2>/dev/null)
        if test "$line" = :files
            __fish_complete_path "$current"
        else
            printf '%s\\n' "$line"
        end
    end
end
complete -c ws -f -a '(__ws_complete)'
`,
};
