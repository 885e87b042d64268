; UNTRIED: written from Inno Setup's manual, never run. A setup program for Windows, from the folder that
; `py packaging\build.py` makes there:  iscc /DVersion=0.1.0 packaging\windows\torchloom.iss
#ifndef Version
  #error Name the version: iscc /DVersion=...
#endif

[Setup]
AppId=torchloom
AppName=Torchloom
AppVersion={#Version}
AppPublisher=Torchloom contributors
DefaultDirName={autopf}\Torchloom
DefaultGroupName=Torchloom
DisableProgramGroupPage=yes
PrivilegesRequired=lowest
PrivilegesRequiredOverridesAllowed=dialog
ArchitecturesAllowed=x64compatible
ArchitecturesInstallIn64BitMode=x64compatible
ChangesAssociations=yes
ChangesEnvironment=yes
LicenseFile=..\..\LICENSE
SetupIconFile=..\..\build\packaging\icons\torchloom.ico
UninstallDisplayIcon={app}\torchloomw.exe
OutputDir=..\..\dist
OutputBaseFilename=torchloom-{#Version}-setup
Compression=lzma2
SolidCompression=yes

[Tasks]
Name: desktopicon; Description: "Put an icon on the desktop"; Flags: unchecked
Name: path; Description: "Let terminals find torchloom"; Flags: unchecked

[Files]
Source: "..\..\dist\torchloom\*"; DestDir: "{app}"; Flags: ignoreversion recursesubdirs createallsubdirs

[Icons]
Name: "{group}\Torchloom"; Filename: "{app}\torchloomw.exe"
Name: "{autodesktop}\Torchloom"; Filename: "{app}\torchloomw.exe"; Tasks: desktopicon

[Registry]
Root: HKA; Subkey: "Software\Classes\.loom\OpenWithProgids"; ValueType: string; ValueName: "Torchloom.Project"; ValueData: ""; Flags: uninsdeletevalue
Root: HKA; Subkey: "Software\Classes\Torchloom.Project"; ValueType: string; ValueData: "Torchloom project"; Flags: uninsdeletekey
Root: HKA; Subkey: "Software\Classes\Torchloom.Project\DefaultIcon"; ValueType: string; ValueData: "{app}\torchloomw.exe,0"
Root: HKA; Subkey: "Software\Classes\Torchloom.Project\shell\open\command"; ValueType: string; ValueData: """{app}\torchloomw.exe"" ""%1"""
Root: HKCU; Subkey: "Environment"; ValueType: expandsz; ValueName: "Path"; ValueData: "{olddata};{app}"; Tasks: path; Check: IsNotInPath

[Run]
Filename: "{app}\torchloomw.exe"; Description: "Open Torchloom"; Flags: nowait postinstall skipifsilent

[Code]
function IsNotInPath: Boolean;
var Path: string;
begin
  Result := not (RegQueryStringValue(HKCU, 'Environment', 'Path', Path) and
    (Pos(';' + Uppercase(ExpandConstant('{app}')) + ';', ';' + Uppercase(Path) + ';') > 0));
end;
