#!/bin/bash
# checks.sh format|cppcheck|syntax|seeded: the tools of others, on the whole tree; exit 1 with a finding. `seeded` proves that
# each of them, and clang-tidy, finds a mistake of its kind.
set -u
cd "$(dirname "${BASH_SOURCE[0]}")/../.." || exit 1
list() { git ls-files -z --cached --others --exclude-standard -- "$@"; }

check_format() { list '*.c' '*.h' | xargs -0 -r clang-format --dry-run -Werror; }

cppcheck_on() {
    cppcheck --quiet --error-exitcode=1 --std=c11 --enable=warning,performance --inline-suppr \
        --suppress=missingIncludeSystem --suppress=preprocessorErrorDirective --suppress=checkersReport \
        --suppress=duplicateAssignExpression --suppress=autoVariables --suppress=ctunullpointer \
        --suppress=unknownEvaluationOrder -j 2 "$@"
}

check_cppcheck() {
    mkdir -p var/tidy/cppcheck
    list 'common/*.c' 'services/*.c' 'ops/*.c' | tr '\0' '\n' >var/tidy/cppcheck.files
    [ -s var/tidy/cppcheck.files ] && cppcheck_on --cppcheck-build-dir=var/tidy/cppcheck -I . --file-list=var/tidy/cppcheck.files
}

# Shell and Python that do not even parse; and scripts without the interpreter that has Debian's modules.
check_syntax() {
    local file rc=0
    while read -r -d '' file; do
        case $(head -n 1 "$file") in
        '#!/bin/bash'*) bash -n "$file" || rc=1 ;;
        '#!/usr/bin/python3'*) ;;
        '#!'*) echo "$file: begins with $(head -n 1 "$file"); #!/bin/bash or #!/usr/bin/python3" && rc=1 ;;
        *) [[ $file != *.sh ]] || bash -n "$file" || rc=1 ;;
        esac
        [[ $file != *.py ]] || /usr/bin/python3 -B -c 'import ast, sys; ast.parse(open(sys.argv[1]).read(), sys.argv[1])' "$file" || rc=1
    done < <(list '*.sh' '*.py' 'ops/*' '.ci/*')
    return $rc
}

seeded() {
    local rc=0
    folder=$(mktemp -d) && trap 'rm -rf "$folder"' EXIT
    cp .clang-format .clang-tidy "$folder/"
    printf 'int  f( void ){return 1;}\n' >"$folder/format.c"
    ! clang-format --dry-run -Werror "$folder/format.c" 2>/dev/null || { echo "clang-format found nothing" && rc=1; }
    printf '#include <stdlib.h>\nint f(void);\nint f(void) {\n    char *p = malloc(3);\n    free(p);\n    return p[0];\n}\n' >"$folder/mistake.c"
    printf 'int f(int i);\nint f(int i) {\n    int a[4] = {0};\n    return a[4] + i;\n}\n' >"$folder/bounds.c"
    ! cppcheck_on "$folder/bounds.c" 2>/dev/null || { echo "cppcheck found nothing" && rc=1; }
    printf '[{"directory":"%s","file":"%s/mistake.c","command":"cc -c %s/mistake.c"}]' "$folder" "$folder" "$folder" >"$folder/compile_commands.json"
    mkdir "$folder/source" && mv "$folder/mistake.c" "$folder/source/" && sed -i 's|/mistake.c|/source/mistake.c|g' "$folder/compile_commands.json"
    mkdir "$folder/build" && mv "$folder/compile_commands.json" "$folder/build/"
    tests/tidy/clang_tidy.py "$folder/build" "$folder/cache" | grep -q 'Use of memory after it is freed' || { echo "clang-tidy found nothing" && rc=1; }
    [ -z "$(ls -A "$folder/cache")" ] || { echo "clang-tidy took a mistake for clean" && rc=1; }
    return $rc
}

case ${1:-} in
format | cppcheck | syntax) "check_$1" ;;
seeded) seeded ;;
*) sed -n '2,3p' "$0" && exit 2 ;;
esac
