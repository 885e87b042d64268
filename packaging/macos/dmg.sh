#!/bin/sh
# UNTRIED: written from the tools' manuals, never run. A disk image for macOS, from the bundle that
# `python3 packaging/build.py` makes there:  sh packaging/macos/dmg.sh 0.1.0
# With DEVELOPER_ID (the name of a certificate) the bundle is signed for others' machines; else for this one alone.
set -eu
version=${1:?name the version}
cd "$(dirname "$0")/../.."
app=dist/Torchloom.app
image=dist/torchloom-$version.dmg
stage=build/packaging/dmg

if [ -n "${DEVELOPER_ID:-}" ]; then
    codesign --force --deep --timestamp --options runtime --entitlements packaging/macos/entitlements.plist \
        --sign "$DEVELOPER_ID" "$app"
else
    codesign --force --deep --sign - "$app"
fi
rm -rf "$stage" "$image"
mkdir -p "$stage"
cp -R "$app" "$stage/"
ln -s /Applications "$stage/Applications"
hdiutil create -volname Torchloom -srcfolder "$stage" -format ULFO "$image"
echo "$image; to notarize: xcrun notarytool submit $image --keychain-profile PROFILE --wait && xcrun stapler staple $image"
