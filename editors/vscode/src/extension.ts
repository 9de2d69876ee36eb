// Starts `normalizer lsp` and hands it the drafts and registry files that are open; all else is the server's.

import { commands, ExtensionContext, window, workspace } from "vscode";
import { LanguageClient, LanguageClientOptions, ServerOptions } from "vscode-languageclient/node";

let client: LanguageClient | undefined;

export async function activate(context: ExtensionContext): Promise<void> {
  context.subscriptions.push(
    commands.registerCommand("normalizer.restart", restart),
    workspace.onDidChangeConfiguration(async (change) => {
      if (change.affectsConfiguration("normalizer.command")) {
        await restart();
      }
    }),
  );
  await start();
}

export async function deactivate(): Promise<void> {
  await client?.stop();
}

async function restart(): Promise<void> {
  await client?.stop().catch(() => undefined);
  client = undefined;
  await start();
}

async function start(): Promise<void> {
  const [command, ...args] = workspace.getConfiguration("normalizer").get<string[]>("command") ?? [];
  if (!command) {
    void window.showErrorMessage("normalizer.command is empty; set it to the language server, such as [\"normalizer\", \"lsp\"].");
    return;
  }
  const server: ServerOptions = { command, args };
  const options: LanguageClientOptions = {
    documentSelector: ["plaintext", "markdown", "html"]
      .flatMap((language) => [
        { scheme: "file", language },
        { scheme: "untitled", language },
      ])
      .concat([{ scheme: "file", language: "yaml" }]),
  };
  client = new LanguageClient("normalizer", "Normalizer", server, options);
  try {
    await client.start();
  } catch (error) {
    void window.showErrorMessage(
      `Normalizer cannot start “${command}”: ${String(error)}. Install it with: pip install "normalizer[lsp]", or set normalizer.command.`,
    );
  }
}
