# Makes dist\hivemind-chatroom-<version>-windows-x64-setup.exe of the folder dist\hivemind-chatroom.
# Inno Setup is there on GitHub's Windows; elsewhere Chocolatey fetches it.
$ErrorActionPreference = 'Stop'
$PSNativeCommandUseErrorActionPreference = $true
Set-Location (Join-Path $PSScriptRoot '..\..')

$compiler = Join-Path ${env:ProgramFiles(x86)} 'Inno Setup 6\ISCC.exe'
if (-not (Test-Path $compiler)) {
    choco install innosetup --version 6.7.1 --yes --no-progress
}
$version = python -c 'import hivemind_chatroom.version as v; print(v.__version__)'
& $compiler /Qp "/DVersion=$version" packaging\windows\chatroom.iss
