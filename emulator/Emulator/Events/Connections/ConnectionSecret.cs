using System.Text;
using System.Text.Json;

namespace Disa.Emulator.Events;

/// <summary>The value of a connection's secret: its members are named as AWS names them (recorded 06-12-2024).</summary>
internal static class ConnectionSecret
{
    public static string Of(ConnectionAuth auth)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            if (auth.BasicAuthParameters is { } basic)
            {
                json.WriteString("username", basic.Username);
                json.WriteString("password", basic.Password);
            }

            if (auth.ApiKeyAuthParameters is { } key)
            {
                json.WriteString("api_key_name", key.ApiKeyName);
                json.WriteString("api_key_value", key.ApiKeyValue);
            }

            if (auth.OAuthParameters is { } oauth)
            {
                json.WriteString("client_id", oauth.ClientParameters?.ClientID);
                json.WriteString("client_secret", oauth.ClientParameters?.ClientSecret);
                json.WriteString("authorization_endpoint", oauth.AuthorizationEndpoint);
                json.WriteString("http_method", oauth.HttpMethod);
                Write(json, "oauth_http_parameters", oauth.OAuthHttpParameters);
            }

            Write(json, "invocation_http_parameters", auth.InvocationHttpParameters);
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.ToArray());
    }

    private static void Write(Utf8JsonWriter json, string name, ConnectionHttp? parameters)
    {
        if (parameters is null)
        {
            return;
        }

        json.WriteStartObject(name);
        Write(json, "header_parameters", parameters.HeaderParameters);
        Write(json, "query_string_parameters", parameters.QueryStringParameters);
        Write(json, "body_parameters", parameters.BodyParameters);
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, string name, IReadOnlyList<ConnectionHttpParameter>? parameters)
    {
        if (parameters is null)
        {
            return;
        }

        json.WriteStartArray(name);
        foreach (var each in parameters)
        {
            json.WriteStartObject();
            json.WriteString("key", each.Key);
            json.WriteString("value", each.Value);
            json.WriteBoolean("is_value_secret", each.IsValueSecret == true);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }
}
