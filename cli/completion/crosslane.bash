# bash completion for crosslane(1)
# shellcheck shell=bash

# Answers one per line, so that names with blanks stay whole.
_crosslane_answers() {
  local IFS=$'\n'
  # shellcheck disable=SC2207  # mapfile is not in bash 3.2
  COMPREPLY=($(compgen "$@" -- "$current"))
}

_crosslane_folders() {
  compopt -o filenames 2>/dev/null
  _crosslane_answers -d
}

_crosslane_files() {
  compopt -o filenames 2>/dev/null
  _crosslane_answers -f -X "!$1" -o plusdirs
}

_crosslane_words() {
  local IFS=$' \n'
  # shellcheck disable=SC2207
  COMPREPLY=($(compgen -W "$1" -- "$current"))
}

_crosslane() {
  local current=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD - 1]}
  local command=${COMP_WORDS[1]-} commands='sweep show plot report predict evaluate data cpu bench compare help'
  local columns='run label n failed planned mse mse_sd vs_baseline validation_mse validation_mse_sd
    train_mse rmse mae parameters wide_columns flops_per_row cpu_seconds seconds'
  COMPREPLY=()

  if [ "$COMP_CWORD" -eq 1 ]; then
    _crosslane_words "$commands --version --help"
    return
  fi
  case $previous in
    --data | --out)
      if [ "$command $previous" = 'report --out' ]; then
        _crosslane_files '*.html'
      else
        _crosslane_folders
      fi
      return
      ;;
    --isa)
      _crosslane_words 'auto scalar avx2 avx512 neon'
      return
      ;;
    --sort)
      _crosslane_words "$columns"
      return
      ;;
    --format)
      if [ "$command" = plot ]; then
        _crosslane_words 'svg png text svg,png'
      elif [ "$command" = sweep ] || [ "$command" = predict ] || [ "$command" = evaluate ]; then
        _crosslane_words 'text csv json'
      else
        _crosslane_words 'text csv json markdown'
      fi
      return
      ;;
    --set)
      [ "$command" = predict ] && return
      compopt -o nospace 2>/dev/null
      _crosslane_words "$("${COMP_WORDS[0]}" help config 2>/dev/null |
        sed -n 's/^\([a-z_][a-z0-9_.]*\)$/\1=/p')"
      return
      ;;
    --split)
      _crosslane_words 'test validation train all'
      return
      ;;
    --batch)
      _crosslane_files '*.csv'
      return
      ;;
    --filter | --user | --item | --launches | --fail-above | --jobs | --top | --users | --items | --ratings | --seed) return ;;
  esac
  case $command in
    sweep)
      case $current in
        -*) _crosslane_words '--set --data --out --jobs --isa --dry-run --format --fail-fast --retry-failed --rerun --save-models --help' ;;
        *) _crosslane_files '*.yaml' ;;
      esac
      ;;
    show)
      case $current in
        -*) _crosslane_words '--sort --top --format --help' ;;
        *) _crosslane_folders ;;
      esac
      ;;
    plot)
      case $current in
        -*) _crosslane_words '--format --out --help' ;;
        *) _crosslane_files '*.json' ;;
      esac
      ;;
    report)
      case $current in
        -*) _crosslane_words '--out --help' ;;
        *) _crosslane_folders ;;
      esac
      ;;
    predict)
      case $current in
        -*) _crosslane_words '--set --user --item --top --batch --data --format --isa --timing --help' ;;
        *) _crosslane_files '*.safetensors' ;;
      esac
      ;;
    evaluate)
      case $current in
        -*) _crosslane_words '--data --split --format --isa --timing --help' ;;
        *) _crosslane_files '*.safetensors' ;;
      esac
      ;;
    data)
      if [ "$COMP_CWORD" -eq 2 ]; then
        _crosslane_words 'check synth --help'
      elif [ "${COMP_WORDS[2]}" = synth ]; then
        _crosslane_words '--out --users --items --ratings --seed --help'
      else
        _crosslane_folders
      fi
      ;;
    cpu) _crosslane_words '--kernels --isa --help' ;;
    bench) _crosslane_words '--quick --filter --isa --peers --launches --out --help' ;;
    compare)
      case $current in
        -*) _crosslane_words '--fail-above --format --help' ;;
        *) _crosslane_files '*.json' ;;
      esac
      ;;
    help) _crosslane_words "$commands config" ;;
  esac
}

complete -F _crosslane crosslane
