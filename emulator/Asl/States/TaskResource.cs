namespace Disa.Asl.States;

/// <summary>What a Task's Resource says.</summary>
public static class TaskResource
{
    private const string Token = ".waitForTaskToken";

    /// <summary>A function's own ARN, instead of an integration.</summary>
    public static bool IsFunction(string resource) => resource.Split(':') is [_, _, "lambda", ..];

    /// <summary>An activity: work that somebody asks for with GetActivityTask.</summary>
    public static bool IsActivity(string resource) => resource.Split(':') is [_, _, "states", _, _, "activity", _];

    public static bool WaitsForToken(string resource) => resource.EndsWith(Token, StringComparison.Ordinal);

    /// <summary>Whether the task goes on after its call was answered.</summary>
    public static bool IsSubmitted(string resource) =>
        WaitsForToken(resource)
        || resource.EndsWith(".sync", StringComparison.Ordinal)
        || resource.EndsWith(".sync:2", StringComparison.Ordinal);

    /// <summary>Service and action: <c>s3:getObject</c>.</summary>
    public static string Action(string resource) => resource.Split(':', 6)[^1];

    /// <summary>
    /// As history events name it: <c>arn:aws:states:::sqs:sendMessage.waitForTaskToken</c> is of type <c>sqs</c>,
    /// resource <c>sendMessage.waitForTaskToken</c>; <c>arn:aws:states:::aws-sdk:sfn:stopExecution</c> of type <c>aws-sdk:sfn</c>.
    /// </summary>
    public static (string Type, string Resource) Split(string resource)
    {
        var parts = resource.Split(':', 6)[^1].Split(':');
        return parts is ["aws-sdk", var service, .. var action]
            ? ($"aws-sdk:{service}", string.Join(':', action))
            : (parts[0], string.Join(':', parts[1..]));
    }
}
