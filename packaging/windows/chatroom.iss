; The installer for Windows, by Inno Setup 6.4 or newer:
;   iscc /DVersion=2.0.0 packaging\windows\chatroom.iss
; takes the folder that PyInstaller has made (dist\hivemind-chatroom) and writes one program into dist.
; packaging/README.md says what it does for whom and why; tests/package/test_windows.py reads it.

#ifndef Version
  #error The version is missing: /DVersion=2.0.0
#endif
#define Name "HiveMind Chatroom"
#define Exe "hivemind-chatroom.exe"
#define Home "https://github.com/JarbasHiveMind/HiveMind-flask-chatroom"
#define Root SourcePath + "..\..\"
#define Bundle Root + "dist\hivemind-chatroom"

[Setup]
AppId={{A50391AB-B7F4-43E5-9A5C-0DF4FB27A2BF}
AppName={#Name}
AppVersion={#Version}
AppVerName={#Name} {#Version}
AppPublisher=HiveMind
AppPublisherURL={#Home}
AppSupportURL={#Home}/issues
VersionInfoProductTextVersion={#Version}
; For whoever installs it, and nobody else: no administrator is needed.
PrivilegesRequired=lowest
DefaultDirName={autopf}\{#Name}
ArchitecturesAllowed=x64compatible
ArchitecturesInstallIn64BitMode=x64compatible
MinVersion=10.0.17763
; One question, where there is one: what of the tasks is wanted.
DisableWelcomePage=yes
DisableDirPage=yes
DisableProgramGroupPage=yes
DisableReadyPage=yes
ShowLanguageDialog=auto
WizardStyle=modern
SetupIconFile={#Root}assets\icon.ico
WizardImageFile={#Root}assets\installer\wizard.bmp,{#Root}assets\installer\wizard@2x.bmp
WizardSmallImageFile={#Root}assets\installer\wizard-small.bmp,{#Root}assets\installer\wizard-small@2x.bmp
UninstallDisplayIcon={app}\{#Exe}
UninstallDisplayName={#Name}
; A room that runs is asked to close (CloseRoom, below); these end what does not heed that.
CloseApplications=force
CloseApplicationsFilter=*.exe
RestartApplications=no
Compression=lzma2/max
SolidCompression=yes
OutputDir={#Root}dist
OutputBaseFilename=hivemind-chatroom-{#Version}-windows-x64-setup

[Languages]
Name: en; MessagesFile: "compiler:Default.isl"
Name: pt; MessagesFile: "compiler:Languages\Portuguese.isl"
Name: fr; MessagesFile: "compiler:Languages\French.isl"
Name: de; MessagesFile: "compiler:Languages\German.isl"
Name: es; MessagesFile: "compiler:Languages\Spanish.isl"
Name: ar; MessagesFile: "compiler:Languages\Arabic.isl"

[CustomMessages]
en.FirewallGroup=Phones and tablets in your home:
pt.FirewallGroup=Telemóveis e tablets em tua casa:
fr.FirewallGroup=Téléphones et tablettes de la maison :
de.FirewallGroup=Handys und Tablets zu Hause:
es.FirewallGroup=Móviles y tabletas de tu casa:
ar.FirewallGroup=الهواتف والأجهزة اللوحية في منزلك:
en.FirewallTask=&Let them in through the Windows firewall, on private networks only (Windows asks for an administrator once)
pt.FirewallTask=&Deixá-los passar pela firewall do Windows, só em redes privadas (o Windows pede uma vez um administrador)
fr.FirewallTask=&Les laisser passer le pare-feu Windows, sur les réseaux privés seulement (Windows demande une fois un administrateur)
de.FirewallTask=&Durch die Windows-Firewall hereinlassen, nur in privaten Netzwerken (Windows fragt einmal nach einem Administrator)
es.FirewallTask=&Dejarlos pasar por el firewall de Windows, solo en redes privadas (Windows pide una vez un administrador)
ar.FirewallTask=السماح لها بالمرور عبر جدار حماية Windows، في الشبكات الخاصة فقط (يطلب Windows مسؤولاً مرة واحدة)
en.GetWebView2=Open Microsoft's page with the WebView2 Runtime. The room needs it for a window of its own; without it, it opens in your browser.
pt.GetWebView2=Abrir a página da Microsoft com o WebView2 Runtime. A sala precisa dele para ter janela própria; sem ele, abre no teu navegador.
fr.GetWebView2=Ouvrir la page de Microsoft avec WebView2 Runtime. Le salon en a besoin pour avoir sa propre fenêtre ; sans lui, il s’ouvre dans ton navigateur.
de.GetWebView2=Microsofts Seite mit der WebView2-Laufzeit öffnen. Für ein eigenes Fenster braucht der Raum sie; ohne sie öffnet er sich in deinem Browser.
es.GetWebView2=Abrir la página de Microsoft con WebView2 Runtime. La sala lo necesita para tener ventana propia; sin él, se abre en tu navegador.
ar.GetWebView2=فتح صفحة Microsoft الخاصة بـ WebView2 Runtime. تحتاج إليه الغرفة لتكون لها نافذتها؛ ومن دونه تُفتح في متصفحك.
en.DataStays=The program is removed. What was said, the settings and the backups stay on this computer:%n%n%1%n%nThe pairing with a hub and the log stay in:%n%n%2%n%nDelete these folders if you no longer want them.
pt.DataStays=O programa foi removido. O que foi dito, as definições e as cópias de segurança ficam neste computador:%n%n%1%n%nO emparelhamento com um hub e o registo ficam em:%n%n%2%n%nApaga estas pastas se já não as quiseres.
fr.DataStays=Le programme est supprimé. Ce qui a été dit, les réglages et les sauvegardes restent sur cet ordinateur :%n%n%1%n%nLe couplage avec un hub et le journal restent dans :%n%n%2%n%nSupprime ces dossiers si tu n’en veux plus.
de.DataStays=Das Programm ist entfernt. Was gesagt wurde, die Einstellungen und die Sicherungen bleiben auf diesem Computer:%n%n%1%n%nDie Kopplung mit einem Hub und das Protokoll bleiben in:%n%n%2%n%nLösche diese Ordner, wenn du sie nicht mehr willst.
es.DataStays=El programa se ha quitado. Lo que se ha dicho, los ajustes y las copias de seguridad se quedan en este ordenador:%n%n%1%n%nEl emparejamiento con un hub y el registro se quedan en:%n%n%2%n%nBorra estas carpetas si ya no las quieres.
ar.DataStays=أُزيل البرنامج. ما قيل والإعدادات والنسخ الاحتياطية تبقى على هذا الحاسوب:%n%n%1%n%nويبقى الاقتران بالموزّع والسجلّ في:%n%n%2%n%nاحذف هذه المجلدات إن لم تعد تريدها.

[Tasks]
Name: firewall; Description: "{cm:FirewallTask}"; GroupDescription: "{cm:FirewallGroup}"; \
    Check: MayOpenFirewall
Name: desktopicon; Description: "{cm:CreateDesktopIcon}"; GroupDescription: "{cm:AdditionalIcons}"; \
    Flags: unchecked
; Starting with Windows is no task: the room's own page switches it, and what it writes carries the
; flags that the program was started with. It is off until asked for.

[InstallDelete]
; Modules of an older version must not be found beside those of this one.
Type: filesandordirs; Name: "{app}\_internal"

[Files]
Source: "{#Bundle}\*"; DestDir: "{app}"; Flags: ignoreversion recursesubdirs createallsubdirs

[Icons]
Name: "{autoprograms}\{#Name}"; Filename: "{app}\{#Exe}"
Name: "{autodesktop}\{#Name}"; Filename: "{app}\{#Exe}"; Tasks: desktopicon

[Run]
Filename: "https://developer.microsoft.com/microsoft-edge/webview2/consumer"; \
    Description: "{cm:GetWebView2}"; Check: IsWebView2Missing; \
    Flags: shellexec nowait postinstall skipifsilent
Filename: "{app}\{#Exe}"; Description: "{cm:LaunchProgram,{#Name}}"; \
    Flags: nowait postinstall skipifsilent

[Code]
const
  { WebView2's own number, the same on every computer: Microsoft Learn, "Distribute your app and the
    WebView2 Runtime", "Detect if a WebView2 Runtime is already installed". }
  WebView2 = 'Microsoft\EdgeUpdate\Clients\{F3017226-FE2A-4295-8BDF-00C3A9A7E4C5}';
  { What desktop/login.py writes when the room shall start with Windows. }
  RunKey = 'Software\Microsoft\Windows\CurrentVersion\Run';
  RunName = '{#Name}';
  { What paths.py and hub/identity.py name; nothing in there is ever removed. }
  DataFolder = '{localappdata}\hivemind-chatroom';
  IdentityFolder = '{%USERPROFILE}\.config\hivemind';
  LogFolder = '{%USERPROFILE}\.local\state\hivemind';
  { The name that lan/suspects.py gives the rules it proposes. }
  RuleName = '"{#Name}"';
  LettingGoWithinMs = 10000;
  LooksEveryMs = 100;

function HasVersion(RootKey: Integer; Key: String): Boolean;
var
  Found: String;
begin
  Result := RegQueryStringValue(RootKey, Key, 'pv', Found)
    and (Found <> '') and (Found <> '0.0.0.0');
end;

function IsWebView2Missing: Boolean;
begin
  Result := not (HasVersion(HKLM32, 'SOFTWARE\' + WebView2)
    or HasVersion(HKLM64, 'SOFTWARE\' + WebView2)
    or HasVersion(HKCU, 'Software\' + WebView2));
end;

{ --- a room that runs --- }

function IsFree(FileName: String): Boolean;
var
  Stream: TFileStream;
begin
  { Windows lets nobody write to a program that runs. }
  Result := True;
  if FileExists(FileName) then
    try
      Stream := TFileStream.Create(FileName, fmOpenReadWrite or fmShareExclusive);
      Stream.Free;
    except
      Result := False;
    end;
end;

function ProcessesOf(Exe: String): String;
begin
  { In PowerShell's words; a quote in the folder's name is written twice. }
  StringChangeEx(Exe, #39, #39#39, True);
  Result := 'Get-Process | Where-Object Path -eq ' + #39 + Exe + #39;
end;

procedure CloseRoom;
var
  Exe: String;
  ExitCode, Waited: Integer;
begin
  Exe := ExpandConstant('{app}\{#Exe}');
  if IsFree(Exe) then
    exit;
  Log('Asking the room to close.');
  Exec(Exe, '--quit', '', SW_HIDE, ewWaitUntilTerminated, ExitCode);
  Waited := 0;
  while not IsFree(Exe) and (Waited < LettingGoWithinMs) do
  begin
    Sleep(LooksEveryMs);
    Waited := Waited + LooksEveryMs;
  end;
  if not IsFree(Exe) then
  begin
    { One with other folders than usual did not hear it. What it has acknowledged is on the disk. By
      its name another copy of the program, in another folder, would be ended too. }
    Log('Ending what did not close.');
    Exec(ExpandConstant('{sys}\WindowsPowerShell\v1.0\powershell.exe'),
      '-NoProfile -NonInteractive -Command "' + ProcessesOf(Exe) + ' | Stop-Process -Force"', '',
      SW_HIDE, ewWaitUntilTerminated, ExitCode);
  end;
end;

{ --- the firewall: private networks alone, and this program alone --- }

function Netsh: String;
begin
  Result := '"' + ExpandConstant('{sys}\netsh.exe') + '" advfirewall firewall ';
end;

function ProgramOf(Suffix: String): String;
begin
  Result := ' program="' + ExpandConstant('{app}\{#Exe}') + '"' + Suffix;
end;

function NewRule(Suffix: String): String;
begin
  Result := Netsh + 'add rule name=' + RuleName + ' dir=in action=allow profile=private'
    + ProgramOf(Suffix);
end;

function HasRule: Boolean;
var
  ExitCode: Integer;
begin
  Result := Exec(ExpandConstant('{sys}\netsh.exe'),
    'advfirewall firewall show rule name=' + RuleName, '', SW_HIDE, ewWaitUntilTerminated, ExitCode)
    and (ExitCode = 0);
end;

procedure AskAdministrator(Commands: String);
var
  ExitCode: Integer;
begin
  { /s: the quotes around it all are taken off, and those inside stay. }
  if not ShellExec('runas', ExpandConstant('{cmd}'), '/s /c "' + Commands + '"', '', SW_HIDE,
    ewWaitUntilTerminated, ExitCode) then
    Log('No administrator has agreed: ' + SysErrorMessage(ExitCode));
end;

function MayOpenFirewall: Boolean;
begin
  { Who wants to see nothing can't be asked for an administrator's password. }
  Result := (not WizardSilent or IsAdmin) and not HasRule;
end;

procedure OpenFirewall;
begin
  AskAdministrator(NewRule(' protocol=TCP') + ' & ' + NewRule(' protocol=UDP localport=5353'));
end;

procedure CloseFirewall;
begin
  if (not UninstallSilent or IsAdmin) and HasRule then
    AskAdministrator(Netsh + 'delete rule name=' + RuleName + ' & '
      + Netsh + 'delete rule name=all' + ProgramOf(''));
end;

{ --- starting with Windows, which the program itself switches on --- }

procedure ForgetStart;
var
  Line: String;
begin
  { Another copy of the program may stand there, and stays. }
  if RegQueryStringValue(HKCU, RunKey, RunName, Line)
    and (Pos(Lowercase(ExpandConstant('{app}\')), Lowercase(Line)) > 0) then
    RegDeleteValue(HKCU, RunKey, RunName);
end;

{ --- what Inno Setup calls --- }

function PrepareToInstall(var NeedsRestart: Boolean): String;
begin
  CloseRoom;
  Result := '';
end;

procedure CurStepChanged(CurStep: TSetupStep);
begin
  if (CurStep = ssPostInstall) and WizardIsTaskSelected('firewall') then
    OpenFirewall;
end;

procedure CurUninstallStepChanged(CurUninstallStep: TUninstallStep);
begin
  if CurUninstallStep = usUninstall then
  begin
    CloseRoom;
    ForgetStart;
    CloseFirewall;
  end
  else if (CurUninstallStep = usDone) and not UninstallSilent then
    MsgBox(FmtMessage(CustomMessage('DataStays'),
      [ExpandConstant(DataFolder), ExpandConstant(IdentityFolder) + #13#10 + ExpandConstant(LogFolder)]),
      mbInformation, MB_OK);
end;
