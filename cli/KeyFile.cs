using System.Text;

namespace Disa.Cli;

/// <summary>The key of the account's root user, where the emulator takes no others: a file as AWS's tools read it, its owner's alone.</summary>
internal static class KeyFile
{
    public static string In(string directory) => Path.Combine(directory, "credentials");

    public static void Write(string directory, string accessKeyId, string secretAccessKey, string sessionToken)
    {
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        var unfinished = In(directory) + ".new";
        using (var file = new FileStream(unfinished, options))
        {
            file.Write(
                Encoding.ASCII.GetBytes(
                    $"[default]\naws_access_key_id = {accessKeyId}\naws_secret_access_key = {secretAccessKey}\naws_session_token = {sessionToken}\n"
                )
            );
        }

        File.Move(unfinished, In(directory), overwrite: true);
    }
}
