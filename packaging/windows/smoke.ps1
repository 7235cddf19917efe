# Installs dist\*-setup.exe as a household would, has the program test itself, and removes it while a
# room is open: what stays is the household's data, and nothing else.
$ErrorActionPreference = 'Stop'
Set-Location (Join-Path $PSScriptRoot '..\..')

$name = 'HiveMind Chatroom'
$folder = Join-Path $env:LOCALAPPDATA "Programs\$name"
$program = Join-Path $folder 'hivemind-chatroom.exe'
$data = Join-Path $env:LOCALAPPDATA 'hivemind-chatroom'
$link = Join-Path ([Environment]::GetFolderPath('Programs')) "$name.lnk"
$run = 'HKCU:\Software\Microsoft\Windows\CurrentVersion\Run'
$silent = '/VERYSILENT', '/SUPPRESSMSGBOXES', '/NORESTART'

function Assert([bool] $holds, [string] $sentence) {
    if (-not $holds) { throw "Not so: $sentence" }
    Write-Host "ok: $sentence"
}

function Invoke-ToItsEnd([string] $file, [string[]] $arguments, [int] $withinS) {
    $process = Start-Process $file -ArgumentList $arguments -PassThru
    $null = $process.Handle # without it the exit code is lost
    if (-not $process.WaitForExit($withinS * 1000)) {
        $process.Kill()
        throw "$file did not end within $withinS s"
    }
    $process.ExitCode
}

function Wait-For([scriptblock] $holds, [int] $withinS, [string] $sentence) {
    $until = (Get-Date).AddSeconds($withinS)
    while (-not (& $holds) -and (Get-Date) -lt $until) { Start-Sleep -Milliseconds 200 }
    Assert (& $holds) $sentence
}

function Get-Rules { @(Get-NetFirewallRule -DisplayName $name -ErrorAction SilentlyContinue) }

function Test-StartsAtLogin { $null -ne (Get-ItemProperty $run -ErrorAction SilentlyContinue).$name }

$setup = @(Get-ChildItem dist\*-setup.exe)
Assert ($setup.Count -eq 1) 'there is one installer'
$log = Join-Path $env:RUNNER_TEMP 'setup.log'
$code = Invoke-ToItsEnd $setup[0].FullName ($silent + '/TASKS=firewall' + "/LOG=$log") 300
if ($code -ne 0) { Get-Content $log }
Assert ($code -eq 0) 'it installs without a word'
Assert (Test-Path $program) 'the program is there'
Assert (Test-Path $link) 'the start menu has it'
Assert (-not (Test-StartsAtLogin)) 'it does not start with Windows until that is asked for'
$rules = Get-Rules
Assert ($rules.Count -eq 2) 'the firewall has two rules of it'
Assert (@($rules | Where-Object Profile -ne 'Private').Count -eq 0) 'they are for private networks'
$programs = @($rules | Get-NetFirewallApplicationFilter | Select-Object -ExpandProperty Program -Unique)
Assert ($programs.Count -eq 1 -and $programs[0] -eq $program) 'they let in this program alone'

$result = Join-Path $env:RUNNER_TEMP 'self-test.json'
$code = Invoke-ToItsEnd $program @("--self-test=$result") 60
Get-Content $result
Assert ($code -eq 0) 'the program has tested itself'
$report = Get-Content $result -Raw | ConvertFrom-Json
Assert $report.ok 'and says that all is well'
$window = $report.checks | Where-Object name -eq 'window'
Assert ($window.result -eq 'ok') "its window was shown: $($window.says)" # skipped is not enough here

$room = Start-Process $program -ArgumentList '--background' -PassThru
Wait-For { Test-Path (Join-Path $data 'instance.json') } 30 'a room opens'
$code = Invoke-ToItsEnd (Join-Path $folder 'unins000.exe') $silent 120
Assert ($code -eq 0) 'it is removed while the room is open'
Wait-For { $room.HasExited } 10 'which has closed'
Wait-For { -not (Test-Path $folder) } 10 'the program is gone'
Assert (-not (Test-Path $link)) 'the start menu has nothing of it'
Assert ((Get-Rules).Count -eq 0) 'the firewall has nothing of it'
Assert (-not (Test-StartsAtLogin)) 'nothing of it starts with Windows'
Assert (Test-Path $data) 'what the household has kept is there'
