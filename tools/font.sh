#!/usr/bin/env bash
# Fetches Noto Sans SC (OFL-1.1) as static TrueType into .tools/fonts and prints
# its path: what archives are printed with where the machine has no font.
set -euo pipefail
cd "$(dirname "$0")/.."
font=.tools/fonts/NotoSansSC_400Regular.ttf
if [ ! -f "$font" ]; then
  mkdir -p .tools/fonts
  tar=$(cd .tools/fonts && npm pack --silent @expo-google-fonts/noto-sans-sc@0.4.3)
  tar -xzf ".tools/fonts/$tar" -C .tools/fonts --strip-components=2 package/400Regular/NotoSansSC_400Regular.ttf
  rm -f ".tools/fonts/$tar"
fi
echo "$PWD/$font"
