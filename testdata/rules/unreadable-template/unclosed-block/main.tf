resource "aws_api_gateway_rest_api" "api" { # expect: unreadable-template high at {
  name = "api"

resource "aws_api_gateway_rest_api_policy" "api" {
  rest_api_id = aws_api_gateway_rest_api.api.id
  policy      = jsonencode({ Version = "2012-10-17", Statement = [] }) # expect: no-allow-lockout medium possible
}
