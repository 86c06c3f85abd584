using System.Security.Cryptography;
using System.Text;

namespace Disa.Emulator.StepFunctions.Integrations;

/// <summary>What a task calls its work by: always the same, so that a task which runs again after a crash finds what it did.</summary>
internal static class TaskKey
{
    /// <param name="execution">The ARN of the execution.</param>
    /// <param name="task">The task's id in it.</param>
    public static string Of(string execution, long task) =>
        new Guid(SHA256.HashData(Encoding.UTF8.GetBytes($"{execution}#{task}")).AsSpan(0, 16)).ToString();
}
